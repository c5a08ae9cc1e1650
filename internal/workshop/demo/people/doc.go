// Package people invents Norwegian debtors: persons and businesses with synthetic
// identity numbers, and the collection cases that four fictional agencies have
// against them. Nobody in it exists, and no creditor is a real company.
//
// What a Generator gives for a person is a pure function of seed, index and
// as-of date, so any part of a population can be made anywhere, in any order.
// The loaders write a population into an empty agency database.
package people
