import type { Model } from './model';

/** Finds the constructs that a value in a template names: by reference, by another stack's export, or by a given name. */
export class References {
  private readonly exports = new Map<string, string[]>();
  private readonly names = new Map<string, string>();

  constructor(private readonly model: Model) {
    for (const [stack, template] of model.templates) {
      for (const { Value, Export } of Object.values(template.Outputs ?? {})) {
        if (typeof Export?.Name === 'string') {
          this.exports.set(Export.Name, this.owners(Value, stack));
        }
      }
    }
    model.constructs.filter(({ existing }) => existing !== undefined).forEach(({ existing, path }) => this.names.set(existing!, path));
    for (const { properties, owner } of model.resources.values()) {
      for (const name of [properties.BucketName, properties.TrailName, properties.RoleName]) {
        if (typeof name === 'string') {
          this.names.set(name, owner);
        }
      }
    }
  }

  /** Paths of the constructs, each once. */
  public owners(value: unknown, stack: string): string[] {
    const found = new Set<string>();
    const add = (logicalId: string) => {
      const owner = this.model.resources.get(`${stack}/${logicalId.split('.')[0]}`)?.owner;
      if (owner !== undefined) {
        found.add(owner);
      }
    };
    const visit = (part: unknown): void => {
      if (typeof part === 'string') {
        this.named(part).forEach((owner) => found.add(owner));
      } else if (Array.isArray(part)) {
        part.forEach(visit);
      } else if (typeof part === 'object' && part !== null) {
        for (const [key, inner] of Object.entries(part)) {
          if (key === 'Ref') {
            add(inner as string);
          } else if (key === 'Fn::GetAtt') {
            add(typeof inner === 'string' ? inner : (inner as string[])[0]);
          } else if (key === 'Fn::Sub') {
            [...String(Array.isArray(inner) ? inner[0] : inner).matchAll(/\$\{([^!}]+)\}/g)].forEach(([, logicalId]) => add(logicalId));
          } else if (key === 'Fn::ImportValue') {
            this.exports.get(inner as string)?.forEach((owner) => found.add(owner));
          } else {
            visit(inner);
          }
        }
      }
    };
    visit(value);
    return [...found];
  }

  private named(text: string): string[] {
    return [...this.names].filter(([name]) => text.split(/[:/]/).includes(name)).map(([, owner]) => owner);
  }
}
