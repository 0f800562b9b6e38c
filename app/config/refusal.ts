import { GatewayError } from '../../gateway/errors/gatewayError.ts'

/** Why a start is refused: the setting by its path in the file, what is wrong with it, and what to change. No secret is in it. */
export type Refusal = Readonly<{ setting: string; message: string; hint: string }>

/** Stops the start when anything is refused, with all of it at once. Of several refusals of one setting the first is told. */
export function refuse(all: readonly Refusal[]): void {
  const errors = all.filter(({ setting }, i) => !all.slice(0, i).some((earlier) => within(setting, earlier.setting)))
  const [first] = errors
  if (!first) return
  if (errors.length === 1) throw new GatewayError('unsafe_configuration', first.message, { hint: first.hint, meta: { errors } })
  throw new GatewayError('unsafe_configuration', `${errors.length} settings stop the start`, {
    hint: errors.map(lineOf).join(''),
    meta: { errors },
  })
}

/** A message that begins with its setting is not told it twice. */
function lineOf({ setting, message, hint }: Refusal): string {
  return `\n  ${message.startsWith(`${setting} `) ? '' : `${setting}: `}${message}. ${hint}`
}

/** True for the setting itself and for what lies in it. */
function within(setting: string, outer: string): boolean {
  return setting === outer || setting.startsWith(`${outer}.`)
}
