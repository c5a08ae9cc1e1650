// Never run: a program over the generated types that tsc must accept, and mistakes that it must not.
import { type FragmentType, useFragment } from './.work/gql/index.js';
import { type CasePhase, type OverviewQuery, CaseStatusDocument, MoneyFragmentDoc, OneCaseDocument, WholeCaseFragmentDoc } from './.work/gql/graphql.js';
import type { ApolloClient } from '@apollo/client/core';

type Money = FragmentType<typeof MoneyFragmentDoc>;

// Amounts are decimal text: a number would have lost øre.
function øre(masked: Money): bigint {
  const money = useFragment(MoneyFragmentDoc, masked);
  const amount: string = money.amount;
  // @ts-expect-error
  const wrong: number = money.amount;
  void wrong;
  return BigInt(amount.replace('.', ''));
}

export function summary({ viewer }: OverviewQuery): string[] {
  const { asOf, complete, total, nextCost, agencies } = viewer.overview;
  const day: string = asOf;
  const lines = [`${viewer.name} ${day} ${øre(total)} ${complete}`];
  // @ts-expect-error nextCost may be null
  void nextCost.on;
  if (nextCost) lines.push(`${nextCost.on satisfies string} ${øre(nextCost.amount)}`);
  // @ts-expect-error an agency that did not answer has no total
  for (const agency of agencies) øre(agency.total);

  for (const one of viewer.cases.nodes) {
    const { phase, closedOn, agreement, objections } = useFragment(WholeCaseFragmentDoc, one);
    // @ts-expect-error an open case has no closing day
    const closed: string = closedOn;
    void closed;
    lines.push(name(phase), agreement?.instalments[0]?.dueOn ?? '', ...objections.map(({ submittedAt }) => submittedAt satisfies string));
  }
  return lines;
}

function name(phase: CasePhase): string {
  switch (phase) {
    case 'REMINDER':
    case 'COLLECTION_WARNING':
      return 'warned';
    case 'PAYMENT_DEMAND':
    case 'LIGHT_FEE':
    case 'HEAVY_FEE':
      return 'collected';
    case 'LEGAL':
    case 'MONITORING':
      return 'at court or watched';
    case 'CLOSED':
      return 'closed';
    case 'OTHER':
      return 'other';
    default:
      // A value of a later schema comes here, and the types say so.
      return phase satisfies '%future added value';
  }
}

declare const client: ApolloClient;

export async function oneCase(id: string): Promise<string | null> {
  const { data } = await client.query({ query: OneCaseDocument, variables: { id } });
  const node = data?.node;
  // @ts-expect-error a node need not be a case
  void node?.caseNumber;
  return node && 'caseNumber' in node ? node.caseNumber : null;
}

export async function isOpen(agency: string, caseNumber: string): Promise<boolean> {
  // @ts-expect-error the agency is needed
  await client.query({ query: CaseStatusDocument, variables: { caseNumber } });
  const { data } = await client.query({ query: CaseStatusDocument, variables: { agency, caseNumber } });
  return data?.caseStatus === 'OPEN';
}
