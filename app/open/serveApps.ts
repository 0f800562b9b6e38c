import { openNwcService } from '../../adapters/nwc/openNwcService.ts'
import type { Clock } from '../../gateway/ports/clock.ts'
import type { Wallet } from '../../gateway/wallets/wallet/wallet.ts'

/** Lets apps reach parties' wallets over the configured relays; answers how to stop. */
export function serveApps(wallet: Wallet, o: { clock: Clock; log: (line: string) => void }): () => void {
  if (wallet.relays.length === 0) return () => undefined
  return openNwcService({ relays: wallet.relays, apps: wallet.appMethods, ...o }).close
}
