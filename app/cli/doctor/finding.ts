/** What was looked at. `warn`: it works now, and may not for long. `mend`: what to do, where something is to be done. */
export type Finding = Readonly<{ what: string; state: 'good' | 'warn' | 'bad'; detail: string; mend?: string }>

export function good(what: string, detail: string): Finding {
  return { what, state: 'good', detail }
}

export function bad(what: string, detail: string, mend: string): Finding {
  return { what, state: 'bad', detail, mend }
}

export function warn(what: string, detail: string, mend: string): Finding {
  return { what, state: 'warn', detail, mend }
}
