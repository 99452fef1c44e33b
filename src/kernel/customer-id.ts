/** Customers are known by ids of their owner's choosing. They are kept as they are, so they must be such as can be kept and told apart by eye. */
export const CUSTOMER_ID_LENGTH = 200;

const VISIBLE = /^[^\p{C}\p{Default_Ignorable_Code_Point}\s]+$/u;

/** Whether a text can be a customer's id: 1 to 200 characters in the normal form NFC, none of them a space or invisible. Capitals distinguish ids. */
export function isCustomerId(text: string): boolean {
  return text.length >= 1 && text.length <= CUSTOMER_ID_LENGTH && VISIBLE.test(text) && text === text.normalize("NFC");
}
