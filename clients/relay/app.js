// Never run: what a Relay application would hold, for relay-compiler.
import { graphql } from 'react-relay';

graphql`
  query appQuery($count: Int = 3) {
    viewer {
      ...app_cases @arguments(count: $count)
    }
  }
`;

graphql`
  fragment app_cases on Viewer
  @refetchable(queryName: "appCasesPageQuery")
  @argumentDefinitions(count: { type: "Int", defaultValue: 3 }, cursor: { type: "String" }, filter: { type: "CaseFilter" }) {
    cases(first: $count, after: $cursor, filter: $filter, orderBy: { field: DUE_ON, direction: ASC })
      @connection(key: "app_cases", filters: ["filter"]) {
      totalCount
      edges {
        node {
          ...app_case
        }
      }
    }
  }
`;

graphql`
  fragment app_case on Case @refetchable(queryName: "appCaseRefetchQuery") {
    caseNumber
    phase
    creditor {
      name
    }
    balance {
      total {
        ...app_money
      }
    }
    ...app_letters
  }
`;

graphql`
  fragment app_letters on Case
  @refetchable(queryName: "appLettersPageQuery")
  @argumentDefinitions(count: { type: "Int", defaultValue: 2 }, cursor: { type: "String" }) {
    letters(last: $count, before: $cursor) @connection(key: "app_letters") {
      edges {
        node {
          title
          sentOn
          amount {
            ...app_money
          }
        }
      }
    }
  }
`;

graphql`
  fragment app_money on Money {
    amount
    currency
  }
`;
