"""Addresses of cases and stored reviews; those of the intake are beside them."""

from django.urls import path, register_converter

from minplan.web.cases import actions, batch, brief, files, listing, page, reviews


class CaseNumber:
    """``K2026-0001``, so that words under /cases stay free for other pages."""

    regex = r"K\d{4}-\d{4,9}"

    def to_python(self, value: str) -> str:
        """As it is."""
        return value

    def to_url(self, value: str) -> str:
        """As it is."""
        return value


register_converter(CaseNumber, "case")

urlpatterns = [
    path("cases", listing.listing, name="cases"),
    path("cases/export", listing.export, name="cases-export"),
    path("cases/reports", listing.reports, name="cases-reports"),
    path("cases/batch", batch.upload, name="case-batch"),
    path("cases/batch/<uuid:identifier>", batch.result, name="case-batch-result"),
    path("cases/<case:number>", page.show, name="case"),
    path("cases/<case:number>/brief", brief.show, name="case-brief"),
    path("cases/<case:number>/map.png", brief.picture, name="case-picture"),
    path("cases/<case:number>/step", actions.step, name="case-step"),
    path("cases/<case:number>/opinion", actions.opinion, name="case-opinion"),
    path("cases/<case:number>/review", actions.review, name="case-review"),
    path("cases/<case:number>/replay", actions.replay, name="case-replay"),
    path("cases/<case:number>/files", files.attach, name="case-files"),
    path("cases/<case:number>/files/<int:identifier>", files.download, name="case-file"),
    path("cases/<case:number>/report", files.report, name="case-report"),
    path("reviews/<str:number>", reviews.show, name="review"),
    path("reviews/<str:number>/replay", reviews.replay, name="review-replay"),
    path("reviews/<str:number>/report", reviews.report, name="review-report"),
]
