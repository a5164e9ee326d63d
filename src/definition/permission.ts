interface Visibility {
  visibleToCustomerDeployer?: boolean | undefined;
  visibleToOrgDeployer?: boolean | undefined;
  isVisibleToCustomerDeployer?: boolean | undefined;
  isVisibleToOrgDeployer?: boolean | undefined;
}

/** Who may set a value; what customers do not see is set by the API only. */
export function setBy(
  orgOnly: boolean,
  meta: Visibility | undefined,
): 'organization' | 'customer' | 'embedded' {
  if (orgOnly) return 'organization';
  const isVisible = meta?.visibleToCustomerDeployer ?? meta?.isVisibleToCustomerDeployer ?? true;
  return isVisible ? 'customer' : 'embedded';
}

/** Whether those of the organization who deploy see a value; they do unless the definition says otherwise. */
export function visibleToOrganization(meta: Visibility | undefined): boolean {
  return meta?.visibleToOrgDeployer ?? meta?.isVisibleToOrgDeployer ?? true;
}
