"""Addresses of the console. Everything about a project is under its own name."""

from django.urls import include, path
from django.views.generic import RedirectView

from studio.pages import home, search
from studio.pages.agent import (
    flow_words,
    flows,
    knowledge,
    knowledge_files,
    languages,
    model,
    persona,
    publishing,
    rehearsal_editor,
    rehearsals,
    test_panel,
    tools,
    variant_files,
    variants,
    versions,
    voice,
)
from studio.pages.calls import conversation, conversations, files, handling, notices, printing, questions
from studio.pages.connections import pages as connections
from studio.pages.people import account, audit, invitation, members, privacy, projects, reset
from studio.pages.widget import apps, editor, embed, picture, preview, publish, share, site, web_calling
from studio.site import console

app_name = "console"

widget = [
    path("", editor.Styling.as_view(), name="widget_styling"),
    path("content/", editor.Content.as_view(), name="widget_content"),
    path("picture/", picture.Picture.as_view(), name="widget_picture"),
    path("preview/", preview.Preview.as_view(), name="widget_preview"),
    path("embed/", embed.Embed.as_view(), name="widget_embed"),
    path("embed/needs/", embed.Needs.as_view(), name="widget_needs"),
    path("embed/check/", embed.SiteCheck.as_view(), name="widget_check"),
    path("share/", share.Share.as_view(), name="widget_share"),
    path("share/passphrase/", share.Passphrase.as_view(), name="widget_passphrase"),
    path("share/rotate/", share.Rotate.as_view(), name="widget_page_rotate"),
    path("share/qr/", share.Qr.as_view(), name="widget_qr"),
    path("apps/", apps.Apps.as_view(), name="widget_apps"),
    path("apps/token/", apps.Token.as_view(), name="widget_token"),
    path("test/", share.TestLinks.as_view(), name="widget_test"),
    path("settings/", site.Settings.as_view(), name="widget_settings"),
    path("place/", site.Place.as_view(), name="widget_place"),
    path("domains/", site.Domains.as_view(), name="domains"),
    path("domains/<int:domain>/remove/", site.DomainRemove.as_view(), name="domain_remove"),
    path("refused/<int:refused>/allow/", site.RefusedAllow.as_view(), name="refused_allow"),
    path("publish/", publish.Publish.as_view(), name="widget_publish"),
    path("history/", publish.History.as_view(), name="widget_history"),
    path("history/<int:publication>/restore/", publish.Restore.as_view(), name="widget_restore"),
    path("history/aside/", publish.TakeBack.as_view(), name="widget_take_back"),
    path("discard/", editor.Discard.as_view(), name="widget_discard"),
    path("rotate/", site.CodeRotate.as_view(), name="widget_rotate"),
    path("duplicate/", web_calling.WidgetDuplicate.as_view(), name="widget_duplicate"),
    path("archive/", web_calling.WidgetArchive.as_view(), name="widget_archive"),
    path("delete/", web_calling.WidgetDelete.as_view(), name="widget_delete"),
]

project = [
    path("", home.Home.as_view(), name="home"),
    path("notices/", notices.Notices.as_view(), name="notices"),
    path("notices/seen/", notices.Seen.as_view(), name="notices_seen"),
    path("notices/mail/", notices.ByMail.as_view(), name="notices_mail"),
    path("persona/", persona.Persona.as_view(), name="persona"),
    path("persona/<slug:language>/", languages.Words.as_view(), name="persona_words"),
    path("languages/", languages.Languages.as_view(), name="languages"),
    path("knowledge/", knowledge.Knowledge.as_view(), name="knowledge"),
    path("knowledge/new/", knowledge.TopicEditor.as_view(), name="topic_add"),
    path("knowledge/export/", knowledge_files.Export.as_view(), name="topics_export"),
    path("knowledge/import/", knowledge_files.Import.as_view(), name="topics_import"),
    path("knowledge/try/", test_panel.Question.as_view(), name="topics_try"),
    path("knowledge/alike/", test_panel.Alike.as_view(), name="topics_alike"),
    path("knowledge/<int:topic>/", knowledge.TopicEditor.as_view(), name="topic"),
    path("knowledge/<int:topic>/in/<slug:language>/", languages.TopicWords.as_view(), name="topic_words"),
    path("knowledge/<int:topic>/delete/", knowledge.TopicDelete.as_view(), name="topic_delete"),
    path("flows/", flows.Flows.as_view(), name="flows"),
    path("flows/new/", flows.FlowEditor.as_view(), name="flow_add"),
    path("flows/<int:flow>/", flows.FlowEditor.as_view(), name="flow"),
    path("flows/<int:flow>/in/<slug:language>/", flow_words.FlowWords.as_view(), name="flow_words"),
    path("flows/<int:flow>/delete/", flows.FlowDelete.as_view(), name="flow_delete"),
    path("tools/", tools.Tools.as_view(), name="tools"),
    path("tools/new/", tools.ToolEditor.as_view(), name="tool_add"),
    path("tools/<int:tool>/", tools.ToolEditor.as_view(), name="tool"),
    path("tools/<int:tool>/delete/", tools.ToolDelete.as_view(), name="tool_delete"),
    path("variants/", variants.Variants.as_view(), name="variants"),
    path("variants/export/", variant_files.Export.as_view(), name="variants_export"),
    path("variants/import/", variant_files.Import.as_view(), name="variants_import"),
    path("agent-voice/", voice.AgentVoice.as_view(), name="voice"),
    path("voice/", voice.AgentVoice.as_view(menu="voice_channel"), name="voice_channel"),
    path("model/", model.Model.as_view(), name="model"),
    path("model/costs/", model.Costs.as_view(), name="model_costs"),
    path("model/test/", model.Test.as_view(), name="model_test"),
    path("test/", test_panel.TestPanel.as_view(), name="test"),
    path("test/say/", test_panel.Say.as_view(), name="test_say"),
    path("test/hear/", test_panel.Hear.as_view(), name="test_hear"),
    path("publish/", publishing.Publish.as_view(), name="publish"),
    path("versions/", versions.Versions.as_view(), name="versions"),
    path("versions/compare/", versions.Compare.as_view(), name="compare"),
    path("versions/pre-release/", publishing.PreRelease.as_view(), name="pre_release"),
    path("versions/<int:number>/draft/", publishing.MakeDraft.as_view(), name="make_draft"),
    path("versions/<int:number>/promote/", publishing.Promote.as_view(), name="promote"),
    path("rehearsals/", rehearsals.Rehearsals.as_view(), name="rehearsals"),
    path("rehearsals/start/", rehearsals.Start.as_view(), name="rehearsals_start"),
    path("rehearsals/stop/", rehearsals.Stop.as_view(), name="rehearsals_stop"),
    path("rehearsals/new/", rehearsal_editor.RehearsalEditor.as_view(), name="rehearsal_add"),
    path("rehearsals/<int:rehearsal>/", rehearsals.OneRehearsal.as_view(), name="rehearsal"),
    path("rehearsals/<int:rehearsal>/edit/", rehearsal_editor.RehearsalEditor.as_view(), name="rehearsal_edit"),
    path("rehearsals/<int:rehearsal>/delete/", rehearsal_editor.RehearsalDelete.as_view(), name="rehearsal_delete"),
    path("web-calling/", web_calling.WebCalling.as_view(), name="web_calling"),
    path("web-calling/archive/", web_calling.Archive.as_view(), name="archive"),
    path("web-calling/new/", web_calling.WidgetAdd.as_view(), name="widget_add"),
    path("web-calling/<int:widget>/", include(widget)),
    path("conversations/", conversations.Conversations.as_view(), name="conversations"),
    path("conversations/questions/", questions.Questions.as_view(), name="questions"),
    path("conversations/questions/<int:group>/settle/", questions.Settle.as_view(), name="question_settle"),
    path("conversations/questions/<int:group>/add/", questions.AddToTopic.as_view(), name="question_add"),
    path("conversations/mark/", handling.Mark.as_view(), name="conversations_mark"),
    path("conversations/export/", files.ListExport.as_view(), name="conversations_export"),
    path("conversations/<uuid:conversation>/", conversation.OneConversation.as_view(), name="conversation"),
    path("conversations/<uuid:conversation>/recording/", conversation.Sound.as_view(), name="recording"),
    path("conversations/<uuid:conversation>/rehearsal/", rehearsal_editor.FromCall.as_view(), name="rehearsal_from"),
    path("conversations/<uuid:conversation>/notes/", handling.Notes.as_view(), name="conversation_note"),
    path(
        "conversations/<uuid:conversation>/notes/<int:note>/delete/",
        handling.NoteDelete.as_view(),
        name="conversation_note_delete",
    ),
    path("conversations/<uuid:conversation>/tags/", handling.Tags.as_view(), name="conversation_tags"),
    path("conversations/<uuid:conversation>/export/", files.OneExport.as_view(), name="conversation_export"),
    path("conversations/<uuid:conversation>/print/", printing.Printed.as_view(), name="conversation_print"),
    path("conversations/<uuid:conversation>/delete/", conversation.Delete.as_view(), name="conversation_delete"),
]

people = [
    path("search/", search.Search.as_view(), name="search"),
    path("members/", members.Members.as_view(), name="members"),
    path("members/invite/", members.Invite.as_view(), name="invite"),
    path("members/<int:member>/", members.Members.as_view(), name="member"),
    path("members/<int:member>/remove/", members.Remove.as_view(), name="member_remove"),
    path("members/invitations/<int:invitation>/withdraw/", members.Withdraw.as_view(), name="invitation_withdraw"),
    path("audit/", audit.Audit.as_view(), name="audit"),
    path("settings/", projects.ProjectSettings.as_view(), name="project_settings"),
    path("settings/privacy/", privacy.Privacy.as_view(), name="privacy"),
    path("settings/privacy/erase/", privacy.VisitorErase.as_view(), name="visitor_erase"),
    path("settings/privacy/export/", files.VisitorExport.as_view(), name="visitor_export"),
    path("settings/delete/", projects.ProjectDelete.as_view(), name="project_delete"),
]
project += people
project += [
    path("connections/", connections.Connections.as_view(), name="connections"),
    path("connections/new/", connections.ConnectionEditor.as_view(), name="connection_add"),
    path("connections/<int:connection>/", connections.ConnectionEditor.as_view(), name="connection"),
    path("connections/<int:connection>/test/", connections.ConnectionTest.as_view(), name="connection_test"),
    path("connections/<int:connection>/delete/", connections.ConnectionDelete.as_view(), name="connection_delete"),
]

# What is nobody's project: agents/authoring/starters.py keeps these names from projects.
outside = [
    path("account/", account.Account.as_view(), name="account"),
    path("account/password/", account.Password.as_view(), name="account_password"),
    path("account/password/forgotten/", reset.Forgotten.as_view(), name="password_forgotten"),
    path("account/password/new/<str:uidb64>/<str:token>/", reset.NewPassword.as_view(), name="password_new"),
    path("invitation/<str:token>/", invitation.Accept.as_view(), name="invitation"),
    path("new/", projects.NewProject.as_view(), name="project_new"),
]

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="console:index")),
    path("console/", include([*console.get_urls(), *outside, path("<slug:project>/", include(project))])),
]
