/** The schema that peers serve who begin with one, with the gateway's names where the benchmark asks for them. Lists are plain lists. */
export const typeDefs = /* GraphQL */ `
  scalar Minor

  type Query {
    plan(key: ID!): Plan
    product(key: ID!): Product
    plans(first: Int!): [Plan!]!
    prices(first: Int!): [Price!]!
    discounts(first: Int!): [Discount!]!
  }

  type Product {
    key: ID!
    name: String!
    description: String!
    plans: [Plan!]!
  }

  type Plan {
    key: ID!
    kind: String!
    rank: Int!
    name: String!
    description: String!
    entitlements(market: ID): [Entitlement!]!
    prices(market: ID!): [Price!]!
  }

  type Entitlement {
    key: ID!
    feature: Feature!
    value: EntitlementValue!
  }

  union EntitlementValue = SwitchValue | SettingValue | CapValue

  type SwitchValue {
    enabled: Boolean!
  }

  type SettingValue {
    setting: String!
  }

  type CapValue {
    amount: String
    unlimited: Boolean!
  }

  type Feature {
    key: ID!
    kind: String!
    position: Int!
    name: String!
  }

  type Price {
    key: ID!
    interval: String!
    amount: Money!
    plan: Plan!
    market: Market!
  }

  type Money {
    amountMinor: Minor!
    currency: String!
  }

  type Market {
    key: ID!
    name: String!
    currency: String!
  }

  type Discount {
    key: ID!
    name: String!
    activation: String!
    duration: String!
    periods: Int
  }
`;

/**
 * The value of an entitlement, from its columns.
 *
 * @param {{ enabled: boolean | null, setting: string | null, capAmount: unknown, capUnlimited: boolean | null }} row
 */
export function valueOf({ enabled, setting, capAmount, capUnlimited }) {
  if (enabled !== null) return { __typename: "SwitchValue", enabled };
  if (setting !== null) return { __typename: "SettingValue", setting };
  return { __typename: "CapValue", amount: capAmount === null ? null : String(capAmount), unlimited: capUnlimited };
}
