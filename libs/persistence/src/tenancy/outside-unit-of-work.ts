/** Rows were asked for where no institution was entered: outside `UnitOfWork.read` and `UnitOfWork.run`. */
export class OutsideUnitOfWork extends Error {
  override readonly name = 'OutsideUnitOfWork';

  constructor() {
    super('No institution was entered: run this inside a unit of work.');
  }
}
