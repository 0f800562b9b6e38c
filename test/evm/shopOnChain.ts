import { newApp } from '../../gateway/api/app.ts'
import { paidRoutes } from '../../gateway/api/paid/paidRoute.ts'
import type { Price, Upto } from '../../gateway/seller/price.ts'
import { startGateway } from './gatewayOnChain.ts'
import type { QuietChain } from './quietChain.ts'

type Shop = Readonly<{ prices: Readonly<Record<string, Price | Upto>>; serve: () => object; onChain?: Parameters<typeof startGateway>[3] }>

/** A gateway on this chain with a seller, each of whose routes asks its price and answers what `serve` says. `seller`: the account of its credit. */
export async function openShop(chain: QuietChain, { prices, serve, onChain }: Shop) {
  const yard = await startGateway(chain, { depth: 0 }, {}, onChain)
  const { id, path } = await yard.party('seller')
  await yard.gateway().parties.splits.house(id)
  const app = newApp({ publicUrl: 'http://localhost' })
  paidRoutes(app, yard.gateway(), { publicUrl: () => 'http://127.0.0.1:1' })
  for (const [route, price] of Object.entries(prices)) app.get(route, { config: { price, payee: id } }, async () => serve())
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  return { yard, app, url, seller: path }
}
