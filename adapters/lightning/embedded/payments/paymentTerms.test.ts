import { beforeAll, expect, test } from 'vitest'
import { loadLdk } from '../ldk/loadLdk.ts'
import { termsOf } from './paymentTerms.ts'

/** The donation of BOLT 11's examples. */
const INVOICE =
  'lnbc1pvjluezsp5zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zygspp5qqqsyqcyq5rqwzqfqqqsyqcyq5rqwzqfqqqsyqcyq5rqwzqfqypqdpl2pkx2ctnv5sxxmmwwd5kgetjypeh2ursdae8g6twvus8g6rfwvs8qun0dfjkxaq9qrsgq357wnc5r2ueh7ck6q93dj32dlqnls087fxdwk8qakdyafkq3yap9us6v52vjjsrvywa6rt52cm9r9zqt8r2t7mlcwspyetp5h2tztugp9lfyql'

beforeAll(() => loadLdk())

function partsOf(moreParts: boolean): readonly [paths: number, halves: number] {
  const payee = { kind: 'invoice', invoice: INVOICE } as const
  const { route } = termsOf({ lockBlocksMax: undefined }, { payee, amountMsat: 1_000n, feeMaxMsat: 10n, moreParts })
  const parameters = route.get_payment_params()
  return [parameters.get_max_path_count(), parameters.get_max_channel_saturation_power_of_half()]
}

test('a payment that found no way goes in more parts than LDK makes of itself, each a smaller share of a channel', () => {
  expect([partsOf(false), partsOf(true)]).toEqual([
    [10, 2],
    [40, 4],
  ])
})
