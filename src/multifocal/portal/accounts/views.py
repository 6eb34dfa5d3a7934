"""Pages about one's own account."""

from django.contrib.auth import logout
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from multifocal.portal import access, actions
from multifocal.portal.accounts.forms import DeleteAccount
from multifocal.portal.accounts.people import SignedIn, signed_in, surely
from multifocal.portal.export import export as everything


@signed_in
def overview(request: SignedIn) -> HttpResponse:
    """Show who somebody is here, and how the account is protected."""
    context = {
        "roles": access.roles_of(request.user, at=timezone.now()),
        "security": access.security_of(request.user),
    }
    return render(request, "portal/accounts/overview.html", context)


@surely
def export(request: SignedIn) -> HttpResponse:
    """Give everything that is kept about the account as a file."""
    if request.method != "POST":
        return render(request, "portal/accounts/export.html")
    actions.exported(by=request.user)
    answer = JsonResponse(
        everything(request.user, at=timezone.now()), json_dumps_params={"indent": 1}
    )
    answer["Content-Disposition"] = 'attachment; filename="multifocal-account.json"'
    return answer


@surely
def delete(request: SignedIn) -> HttpResponse:
    """Delete the account after its address was typed."""
    form = DeleteAccount(request.POST or None, address=request.user.email)
    if request.method == "POST" and form.is_valid():
        try:
            actions.delete_account(by=request.user, at=timezone.now())
        except actions.RefusedError as refused:
            form.add_error(None, str(refused))
        else:
            logout(request)
            return redirect("account_deleted")
    return render(request, "portal/accounts/delete.html", {"form": form})


def deleted(request: SignedIn) -> HttpResponse:
    """Say that the account is gone."""
    return render(request, "portal/accounts/deleted.html")
