export { type RunningYard, startYard, type YardAccount, type YardChain, type YardStart } from '../../app/yard/startYard.ts'
