/** A headless browser: it keeps cookies, follows redirects, and fills in the forms of the provider's pages. */
export class PersonInBrowser {
  private readonly cookies = new Map<string, string>();

  /** Signs in and consents; returns the URL that the provider redirects to, without requesting it. */
  async signIn(address: string, name: string): Promise<URL> {
    let page = await this.open(address);
    const forms: Record<string, string>[] = [{ prompt: 'login', login: name, password: 'any' }, { prompt: 'consent' }];
    for (const form of forms) {
      if (page instanceof URL) {
        return page;
      }
      page = await this.open(actionIn(page.text, page.at), new URLSearchParams(form));
    }
    if (page instanceof URL) {
      return page;
    }
    throw new Error(`the provider shows another page: ${page.text.slice(0, 500)}`);
  }

  /** Cancels on the provider's page. */
  async refuse(address: string): Promise<URL> {
    const page = await this.open(address);
    if (page instanceof URL) {
      return page;
    }
    const back = await this.open(new URL(/href="([^"]*abort)"/.exec(page.text)![1], page.at).href);
    if (back instanceof URL) {
      return back;
    }
    throw new Error('the provider did not send the browser back');
  }

  private async open(address: string, form?: URLSearchParams): Promise<URL | { readonly at: string; readonly text: string }> {
    const response = await fetch(address, {
      method: form ? 'POST' : 'GET', redirect: 'manual', ...(form ? { body: form } : {}),
      headers: { cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
    });
    response.headers.getSetCookie().forEach((cookie) => {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie)!;
      this.cookies.set(name, value);
    });
    const next = response.headers.get('location');
    if (next === null) {
      return { at: address, text: await response.text() };
    }
    const to = new URL(next, address);
    return to.hostname === 'localhost' ? to : this.open(to.href);
  }
}

function actionIn(text: string, at: string): string {
  return new URL(/<form[^>]*action="([^"]+)"/.exec(text)![1], at).href;
}
