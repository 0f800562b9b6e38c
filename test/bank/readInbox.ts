// A process that takes what is in an inbox and says what it has: of a file that is too large for its memory it would be ended.
import { join } from 'node:path'
import { exclusive } from '../../adapters/bank/files/exclusive.ts'
import { openInbox } from '../../adapters/bank/files/inbox.ts'
import { openStore } from '../../adapters/bank/files/store.ts'
import { openFileReader } from '../../adapters/bank/sepa/translate.ts'
import { EUR } from '../../gateway/money/asset.ts'

const [folder = '', iban = ''] = process.argv.slice(2)
const store = openStore(join(folder, 'bank.db'), iban)
const read = () => openFileReader({ iban, asset: EUR, keep: store.spool.list })
const inbox = await openInbox(folder, store, { read, inTurn: exclusive(), now: () => 0 })
// The first look remembers sizes, the second takes what stood still.
await inbox.scan()
const taken = await inbox.scan()
const statement = store.lastStatement()
console.log(JSON.stringify({ taken, closing: String(statement?.closing), problems: store.problems().map(({ detail }) => detail) }))
store.close()
