"""Which page shows which step: one line a page, (module, class). The .kv stands beside the module under its name."""

from __future__ import annotations

from kiosk.flows import steps

PAGES: dict[type, tuple[str, str]] = {
    steps.Waiting: ("waiting", "WaitingPage"),
    steps.Home: ("home", "HomePage"),
    steps.ChooseFacility: ("choose_facility", "ChooseFacilityPage"),
    steps.ChooseDay: ("choose_day", "ChooseDayPage"),
    steps.ChooseTime: ("choose_time", "ChooseTimePage"),
    steps.ChoosePeople: ("choose_people", "ChoosePeoplePage"),
    steps.EnterPhone: ("enter_phone", "EnterPhonePage"),
    steps.CheckBooking: ("check_booking", "CheckBookingPage"),
    steps.Finished: ("finished", "FinishedPage"),
    steps.ChooseService: ("choose_service", "ChooseServicePage"),
    steps.ChooseMatter: ("choose_matter", "ChooseMatterPage"),
    steps.FindMatter: ("find_matter", "FindMatterPage"),
    steps.AskPriority: ("ask_priority", "AskPriorityPage"),
    steps.LateTicket: ("late_ticket", "LateTicketPage"),
    steps.TicketTaken: ("ticket_taken", "TicketTakenPage"),
    steps.ShowTicket: ("show_ticket", "ShowTicketPage"),
    steps.RateLevel: ("rate_level", "RateLevelPage"),
    steps.RateReasons: ("rate_reasons", "RateReasonsPage"),
    steps.Refused: ("refused", "RefusedPage"),
    steps.HowToFind: ("how_to_find", "HowToFindPage"),
    steps.EnterCode: ("enter_code", "EnterCodePage"),
    steps.ChooseFound: ("choose_found", "ChooseFoundPage"),
    steps.ShowAppointment: ("show_appointment", "ShowAppointmentPage"),
    steps.ConfirmCancel: ("confirm_cancel", "ConfirmCancelPage"),
    steps.Away: ("away", "AwayPage"),
    steps.Working: ("working", "WorkingPage"),
    steps.Help: ("help", "HelpPage"),
    steps.Display: ("display", "DisplayPage"),
    steps.StillThere: ("still_there", "StillTherePage"),
}
