package statute

import (
	"slices"

	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// Household is how many adults a subsistence rate is for.
type Household string

// The households.
const (
	Single    Household = "SINGLE"     // lives without a partner
	Couple    Household = "COUPLE"     // lives with a partner who has an income: the rate is for one of them
	Supporter Household = "SUPPORTING" // supports a partner: the rate is for both
)

// Subsistence is what a month costs beside housing (livsoppholdssatser), in øre.
type Subsistence struct {
	Single money.Øre
	Each   money.Øre // of two who live together
	Both   money.Øre
	Child  [4]money.Øre // by age: 0 to 5, 6 to 10, 11 to 14, 15 and more
}

// LivingCosts are the rates that a debtor keeps in debt settlement and under a deduction from wages
// (forskrift om livsoppholdssatser, FOR-2014-06-13-724). They follow the index of consumer prices each
// 1 July. They are for food, clothes, power and the like, and not for housing. What was set from
// 1 July 2025 was not found.
var LivingCosts = Table[Subsistence]{
	Rows: []Row[Subsistence]{
		{From: norway.MustDate("2022-07-01"), Source: "FOR-2014-06-13-724 § 6; regjeringen.no", Value: Subsistence{
			9_758_00, 8_263_00, 16_526_00, [4]money.Øre{3_123_00, 4_142_00, 5_230_00, 5_230_00}}},
		{From: norway.MustDate("2023-07-01"), Source: "FOR-2014-06-13-724 § 6; regjeringen.no", Value: Subsistence{
			10_412_00, 8_817_00, 17_634_00, [4]money.Øre{3_332_00, 4_420_00, 5_580_00, 6_418_00}}},
		{From: norway.MustDate("2024-07-01"), Source: "FOR-2014-06-13-724 § 6; trondheim.kommune.no, namsfogden.com",
			Value: Subsistence{10_724_00, 9_082_00, 18_164_00, [4]money.Øre{3_432_00, 4_553_00, 5_747_00, 6_611_00}}},
	},
	Last: norway.MustDate("2025-06-30"),
}

// Adults returns the rate of the adults of a household.
func (s Subsistence) Adults(h Household) money.Øre {
	switch h {
	case Couple:
		return s.Each
	case Supporter:
		return s.Both
	default:
		return s.Single
	}
}

// Children returns the rates of children by their ages in years. From the fourth member of the household
// on, a fifth is taken off for each, of the youngest first. Who lives with a partner with an income of
// their own bears half.
func (s Subsistence) Children(h Household, ages []int) (sum money.Øre) {
	adults := 2
	if h == Single {
		adults = 1
	}
	reduced := adults + len(ages) - 3
	for i, age := range slices.Sorted(slices.Values(ages)) {
		rate := s.Child[bracket(age)]
		if i < reduced {
			rate = rate * 4 / 5
		}
		sum += rate
	}
	if h == Couple {
		return sum / 2
	}
	return sum
}

func bracket(age int) int {
	switch {
	case age <= 5:
		return 0
	case age <= 10:
		return 1
	case age <= 14:
		return 2
	default:
		return 3
	}
}
