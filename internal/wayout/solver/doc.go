// Package solver finds the best way out of all of a debtor's cases together: what to
// pay when, which deferrals to ask for and which instalment agreements to make, at many
// agencies at once and within a monthly budget.
//
// The package is pure: an [Instance] is all that it knows, time included, and the same
// instance always gives the same answer. [Evaluate] is the exact simulator, in whole øre;
// [Solve] searches for the plan of lowest cost, and [Suggest] gives the set of plans that
// a debtor chooses from. docs/solution.md explains the model and the algorithm.
package solver
