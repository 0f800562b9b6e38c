export { payTools, type ToolAnswer, type ToolPayer } from '../../gateway/client/payTools.ts'
