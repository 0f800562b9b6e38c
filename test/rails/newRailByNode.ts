// Run by `node --test`, which knows no alias of ours: NEW_RAIL names the example's folder, where its imports resolve.

import { join } from 'node:path'
import { after, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { railCases } from '../../packages/gateway/rail.ts'
import { startPaymentService } from './paymentService.ts'

const copied = (name: string) => import(pathToFileURL(join(process.env.NEW_RAIL!, name)).href)
// A copy of the example.
const { openNewRail } = (await copied('rail.ts')) as typeof import('../../examples/new-rail/rail.ts')
const { newRailWorld } = (await copied('world.ts')) as typeof import('../../examples/new-rail/world.ts')
const feeEur = '0.02'
const service = await startPaymentService(feeEur)
after(() => service.close())
const world = newRailWorld(service, () => openNewRail({ url: service.url, feeEur }))
for (const { name, run } of railCases(() => world, ['silence', 'files'])) test(name, run)
