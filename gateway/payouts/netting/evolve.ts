import { invariant } from '../../errors/invariant.ts'
import { sameAsset } from '../../money/asset.ts'
import { min } from '../../money/integers.ts'
import { saidMetadata } from '../../ports/metadata.ts'
import { readMoneyData } from '../payoutState/facts.ts'
import type { AppliedFact, NetFact } from './facts.ts'
import type { Member, Net } from './net.ts'

/** The net after one more fact that concerns it. A fact that cannot follow what stands is an impossible state. */
export function evolve(net: Net | undefined, fact: AppliedFact): Net {
  if (fact.type === 'netting.joined') return joined(net, fact)
  invariant(net, `${fact.type} ${fact.id} speaks of a net that nobody joined`)
  switch (fact.type) {
    case 'netting.closed': {
      invariant(!net.closed, `${net.id} was closed twice`)
      const { pays: payout, reason, aloneNano, togetherNano } = fact.data
      const nano = (text: string | undefined) => (text === undefined ? undefined : BigInt(text))
      return { ...net, closed: { at: fact.at, payout, reason, aloneNano: nano(aloneNano), togetherNano: nano(togetherNano) } }
    }
    case 'netting.ended':
      // A payment that was refused outright was never made, and so failed.
      invariant(!net.ended && (net.payment === fact.data.outcome || net.payment === 'none'), `${net.id} ends once, as its payment did`)
      if (net.payment === 'none') return { ...net, payment: 'failed', ended: true }
      return { ...net, ended: true }
    case 'payout.settled': {
      const { rail, fee, evidence } = fact.data
      return { ...net, payment: 'settled', paid: { rail, fee: readMoneyData(fee), evidence } }
    }
    case 'payout.returned':
      return { ...net, returned: true }
    case 'payout.failed':
      return { ...net, payment: 'failed' }
    case 'attempt.unknown':
      return { ...net, payment: 'unknown' }
    case 'payout.created':
    case 'attempt.sent':
    case 'attempt.failed':
      return { ...net, payment: 'open' }
    default:
      return net
  }
}

function joined(net: Net | undefined, fact: NetFact & { type: 'netting.joined' }): Net {
  const { net: id, destination, source, amount, reference, metadata, createdBy, hold, claims, unitsMax, countMax, closeBy } = fact.data
  const about = { reference, ...saidMetadata(metadata), createdBy, createdAt: fact.at }
  const member: Member = { id: fact.id, source, amount: readMoneyData(amount), ...about, hold, claims }
  const bounds = { unitsMax: BigInt(unitsMax), countMax, closeBy }
  if (!net)
    return {
      id,
      destination,
      members: [member],
      bounds,
      closed: undefined,
      payment: 'none',
      paid: undefined,
      ended: false,
      returned: false,
    }
  invariant(!net.closed, `${fact.id} joins ${net.id} while it is open`)
  invariant(sameAsset(net.members[0]!.amount.asset, member.amount.asset), `${net.id} is in one asset`)
  const { bounds: b } = net
  const strictest = {
    unitsMax: min(bounds.unitsMax, b.unitsMax),
    countMax: min(bounds.countMax, b.countMax),
    closeBy: min(bounds.closeBy, b.closeBy),
  }
  return { ...net, members: [...net.members, member], bounds: strictest }
}
