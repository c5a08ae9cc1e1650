package personaldata

type portalData struct {
	PrivacyRequests     []privacyRequest `json:"privacyRequests"`
	Logins              []login          `json:"logins"`
	Acts                []actData        `json:"acts"`
	SolutionAcceptances []acceptance     `json:"solutionAcceptances"`
	HouseholdBudget     []budgetData     `json:"householdBudget"`
	SentFiles           []sentFile       `json:"sentFiles"`
	PowersOfAttorney    []givenPower     `json:"powersOfAttorney"`
	AccessLog           []access         `json:"accessLog"`
}

type privacyRequest struct {
	SubmittedAt instant       `json:"submittedAt"`
	Kind        RequestKind   `json:"kind"`
	To          string        `json:"to"`
	Status      RequestStatus `json:"status"`
	AnswerBy    day           `json:"answerBy"`
	Text        string        `json:"text"`
	AnsweredAt  *instant      `json:"answeredAt"`
	Reply       *string       `json:"reply"`
}

type login struct {
	CreatedAt instant   `json:"createdAt"`
	Kind      LoginKind `json:"kind"`
	Assurance string    `json:"assurance"`
	SeenAt    instant   `json:"seenAt"`
	ExpiresAt instant   `json:"expiresAt"`
}

type actData struct {
	AskedAt  instant   `json:"askedAt"`
	Name     ActName   `json:"askedFor"`
	By       *string   `json:"askedBy"`
	Status   ActStatus `json:"status"`
	Agencies []string  `json:"agencies"`
	EndedAt  *instant  `json:"endedAt"`
}

type acceptance struct {
	AcceptedAt instant                         `json:"acceptedAt"`
	Status     PaymentSolutionAcceptanceStatus `json:"status"`
	Agencies   []string                        `json:"agencies"`
	EndedAt    *instant                        `json:"endedAt"`
	Reason     *string                         `json:"reason"`
	Schedule   []scheduled                     `json:"schedule"`
}

type scheduled struct {
	DueOn      day    `json:"dueOn"`
	CaseNumber string `json:"caseNumber"`
	Amount     amount `json:"amount"`
	Fee        amount `json:"fee"`
}

type budgetData struct {
	SavedAt      instant         `json:"savedAt"`
	Household    BudgetHousehold `json:"household"`
	Income       amount          `json:"income"`
	OtherIncome  amount          `json:"otherIncome"`
	Housing      amount          `json:"housing"`
	Childcare    amount          `json:"childcare"`
	Cars         amount          `json:"carCosts"`
	OtherPlans   amount          `json:"otherPlans"`
	ChildrenAges []int           `json:"childrenAges"`
	Shared       []string        `json:"sharedWith"`
}

type sentFile struct {
	With       ActName `json:"sentWith"`
	SentAt     instant `json:"sentAt"`
	CaseNumber string  `json:"caseNumber"`
	MediaType  string  `json:"mediaType"`
	Bytes      int     `json:"byteSize"`
}

type givenPower struct {
	GivenAt      instant                `json:"givenAt"`
	Held         bool                   `json:"held"`
	AttorneyName string                 `json:"attorneyName"`
	OrgNumber    *string                `json:"orgNumber"`
	MayAct       bool                   `json:"mayAct"`
	AllCases     bool                   `json:"allCases"`
	Agencies     []string               `json:"agencies"`
	CaseNumbers  []string               `json:"caseNumbers"`
	ValidFrom    day                    `json:"validFrom"`
	ValidUntil   day                    `json:"validUntil"`
	RevokedAt    *instant               `json:"revokedAt"`
	SignedWith   PowerOfAttorneySigning `json:"signedWith"`
	MediaType    *string                `json:"mediaType"`
	ByteSize     *int                   `json:"byteSize"`
}

type access struct {
	At       instant         `json:"at"`
	Actor    AccessActorKind `json:"actor"`
	Agency   *string         `json:"actorAgency"`
	Ground   AccessGround    `json:"ground"`
	Reason   *string         `json:"reason"`
	Action   string          `json:"action"`
	What     []string        `json:"what"`
	Agencies []string        `json:"agencies"`
	Outcome  AccessOutcome   `json:"outcome"`
}
