/** Arguments of lists of objects with a name, a description and labels. */
export interface DescribedArgs<F extends string> {
  name?: string | null;
  name_Icontains?: string | null;
  name_Istartswith?: string | null;
  description_Icontains?: string | null;
  labels_Contains?: string | null;
  labels_Icontains?: string | null;
  createdAt_Gte?: Date | null;
  createdAt_Lte?: Date | null;
  updatedAt_Gte?: Date | null;
  updatedAt_Lte?: Date | null;
  orderBy?: Order<F> | null;
  /** In its place, several of them. */
  sortBy?: (Order<F> | null)[] | null;
}

interface Order<F> {
  field: F;
  direction: 'ASC' | 'DESC';
}

/** By what each of these lists can be ordered. */
export type DescribedOrder = 'NAME' | 'DESCRIPTION' | 'CREATED_AT' | 'UPDATED_AT';

/** What the services take for these arguments. */
export function describedInput<F extends string>(args: DescribedArgs<F>) {
  const sortBy = args.sortBy?.filter((order) => order !== null) ?? [];
  const order = sortBy.length > 0 ? sortBy : args.orderBy ? [args.orderBy] : [];
  return {
    name: args.name,
    search: args.name_Icontains,
    nameStart: args.name_Istartswith,
    descriptionSearch: args.description_Icontains,
    label: args.labels_Contains,
    labelSearch: args.labels_Icontains,
    createdFrom: args.createdAt_Gte,
    createdTo: args.createdAt_Lte,
    updatedFrom: args.updatedAt_Gte,
    updatedTo: args.updatedAt_Lte,
    order: order.map(({ field, direction }) => ({ field, isDescending: direction === 'DESC' })),
  };
}

/** The SDL of these arguments, with the type of the order. */
export const describedArgs = (order: string): string => /* GraphQL */ `
      name: String
      name_Icontains: String
      description_Icontains: String
      "One of the labels; \`_Icontains\`: a part of one."
      labels_Contains: String
      labels_Icontains: String
      createdAt_Gte: DateTime
      createdAt_Lte: DateTime
      updatedAt_Gte: DateTime
      updatedAt_Lte: DateTime
      "By name if not given."
      orderBy: ${order}
      "In place of \`orderBy\`: several, the first one before the others."
      sortBy: [${order}]
`;
