"""The parts of FHIR R4 resources that are read; whatever else a resource holds is passed over.

Lists and texts may be null: exporters write it, although FHIR does not allow it. No value of these
types can refer to itself, so the garbage collector need not look at them (``gc=False``).
"""

from typing import Any

import msgspec

ABSENT = msgspec.Raw()
"""Stands for an element that isn't there, where what is there is not decoded."""


def is_there(element: msgspec.Raw) -> bool:
    """Tell whether an element that is not decoded is there, and is not null."""
    return bytes(element) not in (b"", b"null")


class Coding(msgspec.Struct, frozen=True, gc=False):
    """A code in a coding system."""

    system: str | None = None
    code: str | None = None
    display: str | None = None


class CodeableConcept(msgspec.Struct, frozen=True, gc=False):
    """Codes for one thing, and how it was written."""

    coding: tuple[Coding, ...] | None = None
    text: str | None = None


class Identifier(msgspec.Struct, frozen=True, gc=False):
    """A business identifier, for references that give no address."""

    system: str | None = None
    value: str | None = None


class Reference(msgspec.Struct, frozen=True, gc=False):
    """A reference to another resource."""

    reference: str | None = None
    identifier: Identifier | None = None
    display: str | None = None


class Annotation(msgspec.Struct, frozen=True, gc=False):
    """A note in words."""

    text: str | None = None


class Period(msgspec.Struct, frozen=True, gc=False):
    """From a day to a day."""

    start: str | None = None
    end: str | None = None


class Quantity(msgspec.Struct, frozen=True, gc=False):
    """A number with its unit."""

    value: float | None = None
    comparator: str | None = None
    unit: str | None = None
    system: str | None = None
    code: str | None = None


class Range(msgspec.Struct, frozen=True, gc=False):
    """From a quantity to a quantity."""

    low: Quantity | None = None
    high: Quantity | None = None


class Meta(msgspec.Struct, frozen=True, gc=False):
    """Tags of a resource."""

    tag: tuple[Coding, ...] | None = None


class Resource(msgspec.Struct, frozen=True, rename="camel", kw_only=True, gc=False):
    """What every resource may have."""

    id: str | None = None
    implicit_rules: str | None = None
    modifier_extension: tuple[msgspec.Raw, ...] | None = None
    contained: tuple[msgspec.Raw, ...] | None = None


class Head(msgspec.Struct, frozen=True, rename="camel", kw_only=True, gc=False):
    """As much of a resource as is needed to decide whether it is read."""

    resource_type: str
    id: str | None = None
    subject: Reference | None = None
    patient: Reference | None = None


class Kind(msgspec.Struct, frozen=True, rename="camel", gc=False):
    """The type of a resource alone."""

    resource_type: str


class Request(msgspec.Struct, frozen=True, gc=False):
    """What a transaction or history entry did."""

    method: str | None = None


class Link(msgspec.Struct, frozen=True, gc=False):
    """A link of a bundle, such as to its next page."""

    relation: str | None = None


class Entry(msgspec.Struct, frozen=True, rename="camel", gc=False):
    """One entry of a bundle; its resource is not decoded yet."""

    full_url: str | None = None
    resource: msgspec.Raw = ABSENT
    request: Request | None = None


class Bundle(msgspec.Struct, frozen=True, gc=False):
    """A bundle of any type; its entries are not decoded yet."""

    type: str | None = None
    entry: tuple[Entry, ...] | None = None
    link: tuple[Link, ...] | None = None


class LooseBundle(msgspec.Struct, frozen=True, gc=False):
    """A bundle of which an entry is broken."""

    type: str | None = None
    entry: tuple[msgspec.Raw, ...] | None = None
    link: tuple[Link, ...] | None = None


class Extension(msgspec.Struct, frozen=True, rename="camel", gc=False):
    """An extension, as far as one with a code is read."""

    url: str | None = None
    value_code: str | None = None


class HumanName(msgspec.Struct, frozen=True, gc=False):
    """A name in parts, or whole."""

    use: str | None = None
    text: str | None = None
    family: str | None = None
    given: tuple[str | None, ...] | None = None


class Patient(Resource, frozen=True, rename="camel", kw_only=True, gc=False):
    """FHIR Patient."""

    name: tuple[HumanName, ...] | None = None
    gender: str | None = None
    birth_date: str | None = None
    meta: Meta | None = None
    extension: tuple[Extension, ...] | None = None


class Encounter(Resource, frozen=True, rename="camel", kw_only=True, gc=False):
    """FHIR Encounter."""

    status: str | None = None
    period: Period | None = None
    type: tuple[CodeableConcept, ...] | None = None
    reason_code: tuple[CodeableConcept, ...] | None = None


class Condition(Resource, frozen=True, rename="camel", kw_only=True, gc=False):
    """FHIR Condition."""

    clinical_status: CodeableConcept | None = None
    verification_status: CodeableConcept | None = None
    code: CodeableConcept | None = None
    body_site: tuple[CodeableConcept, ...] | None = None
    onset_date_time: str | None = None
    onset_age: Quantity | None = None
    onset_period: Period | None = None
    onset_range: Range | None = None
    onset_string: str | None = None
    abatement_date_time: str | None = None
    abatement_age: Quantity | None = None
    abatement_period: Period | None = None
    abatement_range: Range | None = None
    abatement_string: str | None = None
    recorded_date: str | None = None
    note: tuple[Annotation, ...] | None = None


class ReferenceRange(msgspec.Struct, frozen=True, rename="camel", gc=False):
    """A reference interval with whom it is for."""

    low: Quantity | None = None
    high: Quantity | None = None
    type: CodeableConcept | None = None
    applies_to: tuple[CodeableConcept, ...] | None = None
    age: Range | None = None
    text: str | None = None


class Valued(msgspec.Struct, frozen=True, rename="camel", kw_only=True, gc=False):
    """A coded question with its value: an observation, or one component of it."""

    code: CodeableConcept | None = None
    value_quantity: Quantity | None = None
    value_codeable_concept: CodeableConcept | None = None
    value_string: str | None = None
    value_boolean: bool | None = None
    value_integer: int | None = None
    value_range: msgspec.Raw = ABSENT
    value_ratio: msgspec.Raw = ABSENT
    value_sampled_data: msgspec.Raw = ABSENT
    value_time: msgspec.Raw = ABSENT
    value_date_time: str | None = None
    value_period: msgspec.Raw = ABSENT
    data_absent_reason: CodeableConcept | None = None
    interpretation: tuple[CodeableConcept, ...] | None = None
    reference_range: tuple[ReferenceRange, ...] | None = None
    modifier_extension: tuple[msgspec.Raw, ...] | None = None


class Observation(Valued, frozen=True, rename="camel", kw_only=True, gc=False):
    """FHIR Observation."""

    id: str | None = None
    implicit_rules: str | None = None
    contained: tuple[msgspec.Raw, ...] | None = None
    status: str | None = None
    category: tuple[CodeableConcept, ...] | None = None
    focus: tuple[Reference, ...] | None = None
    effective_date_time: str | None = None
    effective_period: Period | None = None
    effective_instant: str | None = None
    effective_timing: msgspec.Raw = ABSENT
    issued: str | None = None
    body_site: CodeableConcept | None = None
    method: CodeableConcept | None = None
    specimen: Reference | None = None
    part_of: tuple[Reference, ...] | None = None
    derived_from: tuple[Reference, ...] | None = None
    has_member: tuple[Reference, ...] | None = None
    component: tuple[Valued, ...] | None = None
    note: tuple[Annotation, ...] | None = None


class DiagnosticReport(Resource, frozen=True, rename="camel", kw_only=True, gc=False):
    """FHIR DiagnosticReport."""

    status: str | None = None
    category: tuple[CodeableConcept, ...] | None = None
    code: CodeableConcept | None = None
    effective_date_time: str | None = None
    effective_period: Period | None = None
    issued: str | None = None
    result: tuple[Reference, ...] | None = None
    imaging_study: tuple[Reference, ...] | None = None
    conclusion: str | None = None
    conclusion_code: tuple[CodeableConcept, ...] | None = None
    presented_form: tuple[msgspec.Raw, ...] | None = None


class Series(msgspec.Struct, frozen=True, rename="camel", gc=False):
    """One series of an imaging study."""

    modality: Coding | None = None
    description: str | None = None
    body_site: Coding | None = None
    laterality: Coding | None = None


class ImagingStudy(Resource, frozen=True, rename="camel", kw_only=True, gc=False):
    """FHIR ImagingStudy."""

    status: str | None = None
    modality: tuple[Coding, ...] | None = None
    started: str | None = None
    procedure_code: tuple[CodeableConcept, ...] | None = None
    description: str | None = None
    series: tuple[Series, ...] | None = None


class Procedure(Resource, frozen=True, rename="camel", kw_only=True, gc=False):
    """FHIR Procedure."""

    status: str | None = None
    code: CodeableConcept | None = None
    body_site: tuple[CodeableConcept, ...] | None = None
    performed_date_time: str | None = None
    performed_period: Period | None = None


class Specimen(Resource, frozen=True, rename="camel", kw_only=True, gc=False):
    """FHIR Specimen."""

    type: CodeableConcept | None = None
    collection: "Collection | None" = None


class Collection(msgspec.Struct, frozen=True, rename="camel", gc=False):
    """When and where a specimen was taken."""

    collected_date_time: str | None = None
    collected_period: Period | None = None
    body_site: CodeableConcept | None = None


class Medication(Resource, frozen=True, kw_only=True, gc=False):
    """FHIR Medication."""

    code: CodeableConcept | None = None


class Repeat(msgspec.Struct, frozen=True, rename="camel", gc=False):
    """When a dose is taken."""

    bounds_period: Period | None = None


class Timing(msgspec.Struct, frozen=True, gc=False):
    """When a dose is taken."""

    repeat: Repeat | None = None


class Dosage(msgspec.Struct, frozen=True, gc=False):
    """How a drug is taken; only from when to when is read."""

    timing: Timing | None = None


class MedicationUse(Resource, frozen=True, rename="camel", kw_only=True, gc=False):
    """FHIR MedicationStatement, MedicationRequest and MedicationAdministration."""

    status: str | None = None
    intent: str | None = None
    do_not_perform: bool | None = None
    medication_codeable_concept: CodeableConcept | None = None
    medication_reference: Reference | None = None
    effective_date_time: str | None = None
    effective_period: Period | None = None
    authored_on: str | None = None
    date_asserted: str | None = None
    dosage_instruction: tuple[Dosage, ...] | None = None


class RelativeCondition(msgspec.Struct, frozen=True, rename="camel", gc=False):
    """A condition of a relative."""

    code: CodeableConcept | None = None
    modifier_extension: tuple[msgspec.Raw, ...] | None = None


class FamilyMemberHistory(Resource, frozen=True, rename="camel", kw_only=True, gc=False):
    """FHIR FamilyMemberHistory."""

    status: str | None = None
    date: str | None = None
    relationship: CodeableConcept | None = None
    condition: tuple[RelativeCondition, ...] | None = None


class QuestionnaireAnswer(msgspec.Struct, frozen=True, rename="camel", gc=False):
    """One answer of a questionnaire."""

    value_boolean: bool | None = None
    value_decimal: float | None = None
    value_integer: int | None = None
    value_date: str | None = None
    value_date_time: str | None = None
    value_string: str | None = None
    value_coding: Coding | None = None
    value_quantity: Quantity | None = None
    item: "tuple[QuestionnaireItem, ...] | None" = None


class QuestionnaireItem(msgspec.Struct, frozen=True, rename="camel", gc=False):
    """One question with its answers and the questions below it."""

    link_id: str | None = None
    definition: str | None = None
    text: str | None = None
    code: tuple[Coding, ...] | None = None
    answer: tuple[QuestionnaireAnswer, ...] | None = None
    item: "tuple[QuestionnaireItem, ...] | None" = None
    modifier_extension: tuple[msgspec.Raw, ...] | None = None


class QuestionnaireResponse(Resource, frozen=True, rename="camel", kw_only=True, gc=False):
    """FHIR QuestionnaireResponse."""

    status: str | None = None
    authored: str | None = None
    item: tuple[QuestionnaireItem, ...] | None = None


Read = (
    Patient
    | Encounter
    | Condition
    | Observation
    | DiagnosticReport
    | ImagingStudy
    | Procedure
    | Specimen
    | Medication
    | MedicationUse
    | FamilyMemberHistory
    | QuestionnaireResponse
)

# A type parameter that mypy would infer is lost in a mapping of decoders; each gives a `Read`.
DECODERS: dict[str, msgspec.json.Decoder[Any]] = {
    name: msgspec.json.Decoder(kind)
    for name, kind in {
        "Patient": Patient,
        "Encounter": Encounter,
        "Condition": Condition,
        "Observation": Observation,
        "DiagnosticReport": DiagnosticReport,
        "ImagingStudy": ImagingStudy,
        "Procedure": Procedure,
        "Specimen": Specimen,
        "Medication": Medication,
        "MedicationStatement": MedicationUse,
        "MedicationRequest": MedicationUse,
        "MedicationAdministration": MedicationUse,
        "FamilyMemberHistory": FamilyMemberHistory,
        "QuestionnaireResponse": QuestionnaireResponse,
    }.items()
}
"""The resource types that are read."""

TYPES = frozenset(
    """
    Account ActivityDefinition AdverseEvent AllergyIntolerance Appointment AppointmentResponse
    AuditEvent Basic Binary BiologicallyDerivedProduct BodyStructure Bundle CapabilityStatement
    CarePlan CareTeam CatalogEntry ChargeItem ChargeItemDefinition Claim ClaimResponse
    ClinicalImpression CodeSystem Communication CommunicationRequest CompartmentDefinition
    Composition ConceptMap Condition Consent Contract Coverage CoverageEligibilityRequest
    CoverageEligibilityResponse DetectedIssue Device DeviceDefinition DeviceMetric DeviceRequest
    DeviceUseStatement DiagnosticReport DocumentManifest DocumentReference
    EffectEvidenceSynthesis Encounter Endpoint EnrollmentRequest EnrollmentResponse
    EpisodeOfCare EventDefinition Evidence EvidenceVariable ExampleScenario
    ExplanationOfBenefit FamilyMemberHistory Flag Goal GraphDefinition Group GuidanceResponse
    HealthcareService ImagingStudy Immunization ImmunizationEvaluation
    ImmunizationRecommendation ImplementationGuide InsurancePlan Invoice Library Linkage List
    Location Measure MeasureReport Media Medication MedicationAdministration
    MedicationDispense MedicationKnowledge MedicationRequest MedicationStatement
    MedicinalProduct MessageDefinition MessageHeader MolecularSequence NamingSystem
    NutritionOrder Observation ObservationDefinition OperationDefinition OperationOutcome
    Organization OrganizationAffiliation Parameters Patient PaymentNotice PaymentReconciliation
    Person PlanDefinition Practitioner PractitionerRole Procedure Provenance Questionnaire
    QuestionnaireResponse RelatedPerson RequestGroup ResearchDefinition
    ResearchElementDefinition ResearchStudy ResearchSubject RiskAssessment
    RiskEvidenceSynthesis Schedule SearchParameter ServiceRequest Slot Specimen
    SpecimenDefinition StructureDefinition StructureMap Subscription Substance SupplyDelivery
    SupplyRequest Task TerminologyCapabilities TestReport TestScript ValueSet VerificationResult
    VisionPrescription
    """.split()
)
"""Names of resource types in FHIR R4; only these may stand in an issue."""
