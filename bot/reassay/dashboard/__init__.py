"""The dashboard: who has to do what, every cell, results against targets, and the way from each verdict to the ledger.

One value, `Dashboard`, is built from the register and the ledger (`build.py`) and rendered as pages by one site (`site.py`), so
that the App's pages, the static report and the branch `reassay-dashboard` show the same. As JSON it is `reassay/dashboard/v1`.
The room is pure; what writes files or a branch lives with its entry.
"""
