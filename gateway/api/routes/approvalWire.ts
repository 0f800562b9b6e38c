import { amountText } from '../http/amountText.ts'

/** Dollars, as a decimal string. */
export const limitText = amountText('500').meta({ description: 'US dollars a UTC day; what is above waits for another person.' })
