import { isGatewayError } from '../../gateway/errors/gatewayError.ts'
import { type GatewayConfig, readConfig } from '../config/config.ts'
import type { Refusal } from '../config/refusal.ts'
import { openFeeSchedules } from '../open/feeSchedules.ts'
import { mark } from './colours.ts'
import { modeFindings } from './doctor/files.ts'
import { bad, type Finding, good } from './doctor/finding.ts'
import { firstDaysFindings } from './doctor/firstDays.ts'
import { clockFinding, diskFinding, nodeFinding, portFinding } from './doctor/machine.ts'
import { railFindings } from './doctor/rails.ts'
import { rateFindings } from './doctor/rates.ts'
import { environmentOf } from './environmentOf.ts'
import { print } from './print.ts'

type Options = Readonly<{ config?: string | undefined; secrets?: string | undefined; json?: boolean | undefined }>

const PLACE = { host: '127.0.0.1', port: 8402 }
const SIGNS = { good: 'ok', warn: 'look', bad: 'BAD' } as const

/** Looks at the machine and, where one is named, at a configuration. 1 when something would keep a gateway from its work. */
export async function doctor(o: Options): Promise<number> {
  const read = o.config === undefined ? undefined : readOrFindings(o.config, o.secrets)
  const config = read && 'dataDir' in read ? read : undefined
  const findings = [
    nodeFinding(),
    diskFinding(config?.dataDir ?? '.'),
    await portFinding(config ?? PLACE, config?.dataDir),
    await clockFinding(config?.evm[0]?.rpcUrls[0]),
    ...(read && !('dataDir' in read) ? read : []),
    ...(config ? [feesFinding(config) ?? good('config', `${o.config} can be started as it stands`)] : []),
    ...modeFindings(
      [o.config, o.secrets].filter((file) => file !== undefined),
      config,
    ),
    ...(config ? firstDaysFindings(config) : []),
    ...(config ? await railFindings(config) : []),
    ...(config ? await rateFindings(config) : []),
  ]
  const ok = findings.every(({ state }) => state !== 'bad')
  print(o, { ok, findings }, () => findings.map(textOf).join('\n'))
  return ok ? 0 : 1
}

/** The configuration, or all that stops a start with it. */
function readOrFindings(file: string, secrets: string | undefined): GatewayConfig | Finding[] {
  try {
    return readConfig(file, environmentOf(secrets))
  } catch (error) {
    if (!isGatewayError(error, 'unsafe_configuration')) throw error
    const refusals = (error.meta.errors ?? []) as readonly Refusal[] // As `refuse` puts them there.
    if (refusals.length === 0) return [bad('config', error.shortMessage, error.hint)]
    return refusals.map(({ message, hint }) => bad('config', message, hint))
  }
}

/** A list of fees that would stop the start, or the next one where it ended while a gateway runs. */
function feesFinding(config: GatewayConfig): Finding | undefined {
  try {
    openFeeSchedules(config, Date.now())
    return undefined
  } catch (error) {
    if (!isGatewayError(error, 'unsafe_configuration')) throw error
    return bad('config', error.shortMessage, error.hint)
  }
}

function textOf({ what, state, detail, mend }: Finding): string {
  const sign = state === 'good' ? SIGNS.good.padEnd(4) : mark(SIGNS[state].padEnd(4), false)
  return [`${sign}  ${what.padEnd(10)} ${detail}`, ...(mend ? [`                 ${mend}`] : [])].join('\n')
}
