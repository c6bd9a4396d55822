"""What the sandbox does not have, and why."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_ASSISTANT = "there is no language model behind it"
_PAYMENT = "nothing is paid in a sandbox"

#: Root fields, of all three kinds, with the reason that the error gives.
MISSING: Mapping[str, str] = {
    "aiChat": _ASSISTANT,
    "aiChatList": _ASSISTANT,
    "aiSummaryForAssetMaterialization": _ASSISTANT,
    "aiSummaryForRun": _ASSISTANT,
    "aiSummaryHistoryForAssetMaterialization": _ASSISTANT,
    "aiSummaryHistoryForRun": _ASSISTANT,
    "cancelStripeSubscription": _PAYMENT,
    "dispatchIssueAgent": _ASSISTANT,
    "generateIssueContentForAssetMaterialization": _ASSISTANT,
    "generateIssueContentForRun": _ASSISTANT,
    "removeStripePaymentMethod": _PAYMENT,
    "stripeSetupIntent": _PAYMENT,
    "updateStripeCustomer": _PAYMENT,
    "updateStripeCustomerTaxIDs": _PAYMENT,
    "updateStripeSubscription": _PAYMENT,
}
