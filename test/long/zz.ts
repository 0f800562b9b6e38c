import type { Yard } from '../e2e/yard.ts'
import { sessions, streams } from './shop/paidBySession.ts'
export const of = async (yard: Yard) => [sessions(yard, { customer: 4 }), streams(yard, { customer: 5 })]
