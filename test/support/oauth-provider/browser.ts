/** A browser as far as a consent needs one: it keeps cookies, follows redirects, and sends forms. */
export interface Page {
  url: string;
  status: number;
  headers: Headers;
  text: string;
}

export class Browser {
  readonly #cookies = new Map<string, Map<string, string>>();

  /** Opens an address and follows redirects; `stopAt` ends before an address that begins so is opened. */
  async open(url: string, init: RequestInit = {}, stopAt?: string): Promise<Page> {
    let next = { url, init };
    for (let hops = 0; hops < 20; hops += 1) {
      if (stopAt && next.url.startsWith(stopAt))
        return { url: next.url, status: 0, headers: new Headers(), text: '' };
      const { origin } = new URL(next.url);
      const response = await fetch(next.url, {
        ...next.init,
        redirect: 'manual',
        headers: { cookie: this.#cookieOf(origin) },
      });
      this.#keep(origin, response.headers.getSetCookie());
      const location = response.headers.get('location');
      if (response.status < 300 || response.status > 399 || !location) {
        return {
          url: next.url,
          status: response.status,
          headers: response.headers,
          text: await response.text(),
        };
      }
      next = { url: new URL(location, next.url).href, init: {} };
    }
    throw new Error('The pages redirect in circles.');
  }

  /** Follows the first link of a page whose text begins so. */
  follow(page: Page, text: string, stopAt?: string): Promise<Page> {
    const [, href] = new RegExp(`<a[^>]* ?href="([^"]*)"[^>]*>\\s*${text}`).exec(page.text) ?? [];
    if (!href) throw new Error(`The page has no link "${text}": ${page.text}`);
    return this.open(new URL(href.replaceAll('&amp;', '&'), page.url).href, {}, stopAt);
  }

  /** Sends the first form of a page, with these values in its fields. */
  submit(page: Page, values: Record<string, string> = {}, stopAt?: string): Promise<Page> {
    const [, action = ''] = /<form[^>]* action="([^"]*)"/.exec(page.text) ?? [];
    const hidden = [...page.text.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)];
    const body = new URLSearchParams({
      ...Object.fromEntries(hidden.map(([, name = '', value = '']) => [name, value])),
      ...values,
    });
    return this.open(new URL(action, page.url).href, { method: 'POST', body }, stopAt);
  }

  #cookieOf(origin: string): string {
    return [...(this.#cookies.get(origin) ?? [])].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  #keep(origin: string, set: string[]): void {
    const cookies = this.#cookies.get(origin) ?? new Map<string, string>();
    this.#cookies.set(origin, cookies);
    for (const text of set) {
      const [name = '', value = ''] = (text.split(';')[0] ?? '').split(/=(.*)/s);
      cookies.set(name, value);
    }
  }
}

/** Goes through all pages of a consent as somebody who agrees; answers the last page. */
export async function grantAccess(browser: Browser, authorizeUrl: string, stopAt?: string): Promise<Page> {
  const start = await browser.open(authorizeUrl);
  const login = await browser.follow(start, 'Continue');
  const consent = await browser.submit(login, { login: 'olive', password: 'any' });
  return browser.submit(consent, {}, stopAt);
}
