"""The Django site: article, checker, work-up, scores, accounts, API; decides nothing clinical."""
