import type { Refusal } from './refusal.ts'

/** A setting by its path in the file, such as `evm.0.rpcUrls.1`, and what stands there: a value, or all that lies in it. */
export type Setting = readonly [path: string, value: unknown]

/** Every setting of a configuration, whatever its shape: outer ones before what lies in them. */
export function settingsOf(value: unknown, path = ''): Setting[] {
  const inner = typeof value === 'object' && value !== null ? Object.entries(value) : []
  const own: Setting[] = path === '' ? [] : [[path, value]]
  return [...own, ...inner.flatMap(([name, v]) => settingsOf(v, path === '' ? name : `${path}.${name}`))]
}

/** The name of the variable when a value is one: `$NAME`. */
const variableOf = (value: unknown) => (typeof value === 'string' ? /^\$([A-Za-z_][A-Za-z0-9_]*)$/.exec(value)?.[1] : undefined)

/** The configuration with the environment's values in place of `$NAME`. */
export function withVariables(value: unknown, env: NodeJS.ProcessEnv): unknown {
  if (Array.isArray(value)) return value.map((v) => withVariables(v, env))
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, v]) => [name, withVariables(v, env)]))
  }
  const name = variableOf(value)
  return (name === undefined ? undefined : env[name]) ?? value
}

/** A variable that is not set, or is empty: its name must never become the value, because a name is no secret. */
export function unsetVariables(value: unknown, env: NodeJS.ProcessEnv): Refusal[] {
  return settingsOf(value).flatMap(([setting, v]) => {
    const name = variableOf(v)
    if (name === undefined || (env[name] ?? '') !== '') return []
    return [{ setting, message: `The variable ${name} of ${setting} is not set`, hint: `Set ${name} in the environment of the gateway.` }]
  })
}
