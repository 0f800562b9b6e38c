export { routerPolicy } from '../../gateway/costs/policy.ts'
export type { Candidate } from '../../gateway/payouts/router/candidate.ts'
export { type DecideInput, decide, type Plan } from '../../gateway/payouts/router/decide.ts'
export { wouldChangeIf } from '../../gateway/payouts/router/wouldChangeIf.ts'
