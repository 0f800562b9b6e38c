import { ownersOf, type Scene, type Telling, type Told, timeText } from '../events/telling/telling.ts'
import { readWalletFact } from './wallet/facts.ts'

/** What opens a balance is told by its id; what it may take, its owner asks for. */
const tellWallets: Telling = (fact, scene) => {
  const known = readWalletFact(fact)
  switch (known?.type) {
    case 'lightning_address.created': {
      const own = owned(scene, known.id, known.data.party)
      return [{ type: 'lightning_address.created', ...own, data: { id: known.id, party: known.data.party } }]
    }
    case 'withdraw_link.created': {
      const { party, uses, expiresAt } = known.data
      return [{ type: known.type, ...owned(scene, known.id, party), data: { id: known.id, party, uses, expires_at: timeText(expiresAt) } }]
    }
    case 'wallet_app.created': {
      const { party, name, expiresAt } = known.data
      const data = { id: known.id, party, name, expires_at: expiresAt === null ? null : timeText(expiresAt) }
      return [{ type: known.type, ...owned(scene, known.id, party), data }]
    }
    case 'lightning_address.closed':
    case 'withdraw_link.canceled':
    case 'wallet_app.revoked': {
      const { id, type } = known
      return [{ type, subject: id, parties: ownersOf(scene, id), data: { id } }]
    }
    default:
      return []
  }
}

function owned(scene: Scene, id: string, party: string): Pick<Told, 'subject' | 'parties'> {
  scene.note(id, { parties: [party], data: {} })
  return { subject: id, parties: [party] }
}

/** What balances tell that wallets may use. */
export const walletEvents: readonly Telling[] = [tellWallets]
