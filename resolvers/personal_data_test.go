package resolvers_test

import (
	"testing"

	"github.com/google/uuid"
)

const submitting = `mutation($input: SubmitPrivacyRequestInput!) { submitPrivacyRequest(input: $input) {
	privacyRequest { id kind text status submittedAt answerBy answeredAt reply agency { code name orgNumber } } userErrors { code field message } } }`

func submission(changes map[string]any) map[string]any {
	input := map[string]any{"idempotencyKey": uuid.NewString(), "kind": "QUESTION", "text": "Hvorfor har dere telefonnummeret mitt?"}
	for k, v := range changes {
		input[k] = v
	}
	return map[string]any{"input": input}
}

// asked lets her ask an agency, and get an answer.
func asked(t *testing.T, p *portal) {
	t.Helper()
	agency := at(p.get(kari(), "{ agencies { id } }", nil), "agencies", 0, "id")
	stored := p.get(kari(), submitting, submission(map[string]any{"agency": agency}))
	id, err := uuid.Parse(at(stored, "submitPrivacyRequest", "privacyRequest", "id").(string))
	if err != nil {
		t.Fatal(err)
	}
	if err := p.desk.Answer(t.Context(), id, "Fordi du oppga det."); err != nil {
		t.Fatal(err)
	}
}
