namespace EduPro.LocalHosting;

public static class DistributedApplication;
