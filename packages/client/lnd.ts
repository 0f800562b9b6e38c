export { lndPayer } from '../../gateway/client/lndPayer.ts'
