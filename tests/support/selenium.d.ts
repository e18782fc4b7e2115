// Node finds the module in a folder that the package's types do not name.
declare module "selenium-webdriver/remote/index.js" {
  export * from "selenium-webdriver/remote.js";
}
