import { readKeyFact } from '../../parties/keys/facts.ts'
import { contractTable } from '../../parties/party/contractTable.ts'
import { readPartyFact } from '../../parties/party/facts.ts'
import { firstKeyOf } from '../../parties/party/parties.ts'
import { saidMetadata } from '../../ports/metadata.ts'
import { splitTree } from '../../split/splitTree.ts'
import type { Lister } from './lister.ts'

const listParties: Lister = (fact) => {
  const known = readPartyFact(fact)
  if (known?.type === 'party.created') {
    const { id, at, data } = known
    return [
      { list: 'parties', id, begins: { at, parties: [id] }, references: [data.reference ?? '', data.name], ...saidMetadata(data.metadata) },
      { list: 'keys', id: firstKeyOf(fact)!.id, begins: { at, parties: [id] } },
    ]
  }
  // The table of one row that a party without one is paid by on chain is nobody's resource.
  if (known?.type !== 'split.created' || known.data.house !== undefined) return []
  const { id, at, data } = known
  const parties = data.payees.map(({ party }) => party)
  const about = { references: [splitTree(contractTable(data)).splitId], ...saidMetadata(data.metadata) }
  return [{ list: 'splits', id, begins: { at, parties }, ...about }]
}

/** A party's first key is made with it. */
const listKeys: Lister = (fact) => {
  const known = readKeyFact(fact)
  if (known?.type !== 'key.created') return []
  const { id, at, data } = known
  return [{ list: 'keys', id, begins: { at, parties: data.holder.startsWith('pa_') ? [data.holder] : [] } }]
}

/** What the rooms below change in lists. */
export const groundLists: readonly Lister[] = [listParties, listKeys]
