export { fileStore } from '../../gateway/client/budget/fileStore.ts'
