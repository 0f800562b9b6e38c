// Run by `node --test`, which knows no alias of ours: NEW_RAIL names the example where its imports resolve.
import { after, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { railCases } from '../../packages/gateway/rail.ts'
import { newRailWorld } from './newRailWorld.ts'
import { startPaymentService } from './paymentService.ts'

// A copy of the example.
const { openNewRail } = (await import(pathToFileURL(process.env.NEW_RAIL!).href)) as typeof import('../../examples/new-rail/rail.ts')
const feeEur = '0.02'
const service = await startPaymentService(feeEur)
after(() => service.close())
const world = newRailWorld(service, () => openNewRail({ url: service.url, feeEur }))
for (const { name, run } of railCases(() => world, ['silence', 'files'])) test(name, run)
