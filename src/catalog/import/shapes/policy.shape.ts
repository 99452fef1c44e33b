import { DISCOUNT_APPLICATIONS, DISCOUNT_CHOICES, DISCOUNT_POLICY_KEY } from "../../discounts/discount-policy.js";
import type { FieldsOf } from "./fields.js";
import { choiceSchema } from "./scalars.js";

export const policyShape = {
  key: choiceSchema([DISCOUNT_POLICY_KEY]),
  choice: choiceSchema(DISCOUNT_CHOICES),
  application: choiceSchema(DISCOUNT_APPLICATIONS),
};

export type PolicyFields = FieldsOf<typeof policyShape>;
