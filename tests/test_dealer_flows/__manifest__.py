{
    "name": "Dealer Suite: Flow Tests",
    "summary": "Golden and canary tests that cross addons; never installed in production",
    "version": "19.0.1.0.0",
    "category": "Hidden/Tests",
    "author": "Dealer Suite contributors",
    "website": "https://github.com/example/dealer-suite",
    "license": "AGPL-3",
    "depends": [
        "dealer_crm",
        "dealer_parts",
        "dealer_vehicle",
        "l10n_cn",
    ],
}
