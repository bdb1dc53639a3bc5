import { Controller, Get, Header } from '@nestjs/common';
import { TokenService } from '#libs/security';

/** The public keys that verify access tokens. */
@Controller('.well-known')
export class KeysController {
  constructor(private readonly tokens: TokenService) {}

  @Get('jwks.json')
  @Header('cache-control', 'public, max-age=300')
  keys(): Promise<{ keys: object[] }> {
    return this.tokens.publicKeys();
  }
}
