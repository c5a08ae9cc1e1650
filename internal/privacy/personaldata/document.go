package personaldata

import "github.com/oversikt/oversikt/internal/debt"

// Format names the layout of personal-data.json. Keys may be added to it. It changes when a key
// is removed or gets another meaning. docs/privacy.md lists the keys.
const Format = "oversikt-personal-data/1"

// document is personal-data.json. personal-data.pdf shows the same tree, so nothing can be in
// one and not in the other. The labels of its keys are in words.go.
type document struct {
	Format      string        `json:"format"`
	GeneratedAt instant       `json:"generatedAt"`
	Language    debt.Language `json:"language"`
	Person      person        `json:"person"`
	Complete    bool          `json:"complete"`
	Missing     []missing     `json:"missing"`
	Rights      []string      `json:"rights"`
	Sources     []source      `json:"sources"`
}

type person struct {
	Name       string `json:"name"`
	NationalID string `json:"nationalId"`
}

type missing struct {
	Kind SourceKind `json:"kind"`
	Name string     `json:"name"`
}

type source struct {
	Kind       SourceKind  `json:"kind"`
	Name       string      `json:"name"`
	Contact    *controller `json:"contact,omitempty"`
	Categories []category  `json:"categories"`
	Agency     *agencyData `json:"agency,omitempty"`
	Portal     *portalData `json:"portal,omitempty"`
}

type controller struct {
	Code          string  `json:"code"`
	OrgNumber     *string `json:"orgNumber"`
	Phone         *string `json:"phone"`
	Email         *string `json:"email"`
	Website       *string `json:"website"`
	PostalAddress *string `json:"postalAddress"`
}

type category struct {
	Code          Code         `json:"code"`
	Name          string       `json:"name"`
	Purpose       string       `json:"purpose"`
	LegalBases    []legalBasis `json:"legalBases"`
	Origin        string       `json:"origin"`
	Recipients    string       `json:"recipients"`
	Retention     string       `json:"retention"`
	RetentionDays *int         `json:"retentionDays"`
	RecordCount   int          `json:"recordCount"`
}

type legalBasis struct {
	Provision string `json:"provision"`
	Text      string `json:"text"`
}
