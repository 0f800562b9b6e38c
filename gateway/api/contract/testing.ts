import { z } from 'zod'
import { answers, idempotent, time } from './shapes.ts'

const testClock = z
  .strictObject({ object: z.literal('test_clock'), now: time, ahead_s: z.int().meta({ description: 'Before the machine’s own clock.' }) })
  .meta({ id: 'TestClock', description: 'What time it is for a gateway of a local network. There is none elsewhere.' })

export const testOperations = {
  'GET /v1/test/clock': answers('getTestClock', { 200: testClock }),
  'POST /v1/test/clock/advance': idempotent('advanceTestClock', { 200: testClock }),
}
