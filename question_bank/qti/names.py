"""The names of QTI 2.x in the spelling of QTI 3.0, so that the engine knows one vocabulary."""

import re

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
QTI_PREFIX = "qti-"

ITEM_PARTS = """
assessmentItem assessmentTest assessmentSection assessmentItemRef assessmentSectionRef testPart
assessmentStimulus assessmentStimulusRef stimulusBody
responseDeclaration outcomeDeclaration templateDeclaration contextDeclaration
defaultValue correctResponse value mapping mapEntry areaMapping areaMapEntry
matchTable matchTableEntry interpolationTable interpolationTableEntry
templateProcessing responseProcessing outcomeProcessing stylesheet itemBody modalFeedback
rubricBlock feedbackInline feedbackBlock templateInline templateBlock printedVariable infoControl
contentBody catalogInfo catalog card cardEntry htmlContent fileHref companionMaterialsInfo
digitalMaterial physicalMaterial calculator calculatorInfo calculatorType description rule
ruleSystem protractor incrementSi incrementUs minorIncrement majorIncrement
"""

INTERACTIONS = """
choiceInteraction simpleChoice prompt orderInteraction associateInteraction
simpleAssociableChoice matchInteraction simpleMatchSet gapMatchInteraction gapText gapImg gap
inlineChoiceInteraction inlineChoice textEntryInteraction extendedTextInteraction
hottextInteraction hottext hotspotInteraction hotspotChoice associableHotspot
selectPointInteraction graphicOrderInteraction graphicAssociateInteraction
graphicGapMatchInteraction positionObjectInteraction positionObjectStage sliderInteraction
mediaInteraction drawingInteraction uploadInteraction customInteraction
portableCustomInteraction endAttemptInteraction interactionMarkup interactionModules
interactionModule templateVariable contextVariable
"""

RULES = """
responseCondition responseIf responseElseIf responseElse responseProcessingFragment exitResponse
setOutcomeValue lookupOutcomeValue templateCondition templateIf templateElseIf templateElse
templateConstraint setTemplateValue setCorrectResponse setDefaultValue exitTemplate
"""

EXPRESSIONS = """
variable correct default baseValue null randomInteger randomFloat mapResponse mapResponsePoint
mathConstant and or not anyN match stringMatch patternMatch equal equalRounded inside
lt lte gt gte durationLT durationGTE sum product subtract divide power integerDivide
integerModulus truncate round roundTo integerToFloat min max gcd lcm mathOperator statsOperator
multiple ordered containerSize isNull index fieldValue random member delete contains substring
repeat customOperator numberCorrect numberIncorrect numberPresented numberResponded
numberSelected outcomeMinimum outcomeMaximum testVariables
"""

TEST_PARTS = """
outcomeCondition outcomeIf outcomeElseIf outcomeElse outcomeProcessingFragment exitTest
preCondition branchRule
itemSessionControl timeLimits selection ordering weight variableMapping templateDefault
testFeedback adaptiveSelection adaptiveEngineRef adaptiveSettingsRef usagedataRef metadataRef
"""


def kebab(name: str) -> str:
    """`responseIdentifier` as `response-identifier`, `durationGTE` as `duration-gte`."""
    return _HUMP.sub("-", name).lower()


_RENAMED = {
    name: QTI_PREFIX + kebab(name)
    for words in (ITEM_PARTS, INTERACTIONS, RULES, EXPRESSIONS, TEST_PARTS)
    for name in words.split()
}
QTI_2_NAMES = {renamed: name for name, renamed in _RENAMED.items()}
"""The names of QTI 3.0 in the spelling of QTI 2.x."""
KNOWN_EXPRESSIONS = frozenset(_RENAMED[name] for name in EXPRESSIONS.split())
KNOWN_RULES = frozenset(_RENAMED[name] for name in RULES.split())


def element_name(name: str) -> str:
    """An element's name in QTI 3.0; names of XHTML stay as they are."""
    return _RENAMED.get(name, name)


def attribute_name(element: str, name: str) -> str:
    """An attribute's name in QTI 3.0; attributes of XHTML stay as they are."""
    if not element.startswith(QTI_PREFIX) or name[:1] == "{" or ":" in name:
        return name
    return kebab(name)
