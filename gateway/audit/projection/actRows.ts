import type { SubmissionRow } from '../../ledger/journal/blockData.ts'
import { readActFact } from '../../parties/acts/facts.ts'
import type { ReadAct } from '../../ports/readModel.ts'

/** The acts of a block, each as it is read. `block` says where the journal has it, so that its hash chain proves it. */
export function actRows(seq: number, submissions: readonly SubmissionRow[]): ReadAct[] {
  return submissions.flatMap(({ facts = [] }) =>
    facts.flatMap((fact) => {
      const act = readActFact(fact)
      if (!act) return []
      const { id, at, data } = act
      const { by, person, role, key, from, what, resources, status, request } = data
      const party = by.startsWith('pa_') ? by : ''
      const body = {
        id,
        object: 'act',
        at: new Date(at).toISOString(),
        party: party || null,
        operator: party ? null : by,
        person: person ?? null,
        role: role ?? null,
        key: key ?? null,
        from,
        what,
        resources,
        status,
        request_id: request,
        block: seq,
      }
      // A kind of resource is looked for by its name in the path, as rights name it.
      const kind = /^\S+ \/v1\/([a-z_]+)/.exec(what)?.[1]
      const found = [...new Set([...(kind ? [kind] : []), ...resources])]
      return [{ id, at, party, person: person ?? '', key: key ?? '', resources: found, body: JSON.stringify(body) }]
    }),
  )
}
