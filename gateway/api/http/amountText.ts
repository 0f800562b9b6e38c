import { z } from 'zod'

/**
 * An amount in a request. `parseAmount` of `gateway/money` reads it and says what is wrong with it, because that depends on the asset; what of it a
 * schema can say is for those who read the OpenAPI description.
 */
export function amountText(example: string) {
  return z.string().max(40).meta({
    description: 'Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a currency or token.',
    pattern: '^(0|[1-9][0-9]{0,12})(\\.[0-9]{1,30})?$',
    example,
  })
}
