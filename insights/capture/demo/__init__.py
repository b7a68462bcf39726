"""The demo company: a B2B planning tool with two products, four teams and a year of events that end yesterday.

It lives in capture because this is the room furthest right of all that take events in: it sends through the same doors
as anybody's data and never writes to the event store by itself. Equal seeds and end days give equal events.

Teams (slug): Planner core (planner-core), Growth (growth), Time tracking (time-tracking), Platform (platform).
Products (slug): Planner (planner, owned by planner-core), Timesheet (timesheet, owned by time-tracking).
Sources (slug): planner-app, timesheet-app.

Events of Planner, with their properties; visitors without an account do the first:
    page viewed           path (/, /pricing, /templates, /signup), device (desktop, mobile), utm_source (optional)
    signed up             method (email, google, sso), utm_source (optional)          onboarding step 1
    workspace created     template (blank, software, marketing, agency)               onboarding step 2
    plan created          template (as above), n_tasks (number)                       onboarding step 3
    invited teammate      n_invited (number), channel (email, link)                   onboarding step 4: the weak step
    task created          priority (low, normal, high), has_due_date (true, false)
    task completed        priority, days_open (number)
    comment added         length (number), has_mention (true, false)
    timeline opened       zoom (week, month, quarter), release (4.2); since RELEASE_DAY
    report opened         report (burndown, workload, status, portfolio), load_ms (number)
    report exported       report (as above), format (pdf, csv, png)
    search used           n_results (number), where (tasks, plans, people)
    integration connected integration (slack, jira, calendar, github)
    plan shared           audience (team, company, guest)
    error shown           code (500, 502, 504, timeout), page                         many on the outage day
    subscription upgraded plan_from, plan, seats (number), amount (number, euros a month)
Events of Timesheet:
    timer started         project_kind (client, internal)
    timer stopped         project_kind, minutes (number)
    entry submitted       hours (number), is_billable (true, false)
    timesheet approved    n_entries (number), hours (number)
    invoice created       amount (number), currency (EUR, USD, GBP)
    report opened         report (utilisation, profitability), load_ms (number)
    error shown           code, page

Traits of a person: name and email (personal), role (planner, manager, member, finance), country (ISO code),
signed_up_via (as utm_source).
Traits of an account: name, plan (trial, team, business, enterprise), company_size (1-10, 11-50, 51-200,
201-1000, 1001+), industry, country. Account ids are acc-0001 …, people user-00001 …, visitors
before their first login anon-00001 ….

What there is to find: weekends and holidays are quiet; both products grow; on RELEASE_DAY release 4.2 brought
"timeline opened" and made "report opened" half as slow and a third more frequent; from GUIDE_DAY on more than half as
many invitations again are sent; on OUTAGE_DAY Planner was away for six hours; three of five who created
a plan never invite a teammate; one email campaign brought many who did not stay.
"""
